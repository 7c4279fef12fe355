using System.Runtime.Versioning;
using ChunkProxy.AppHost.Servers;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>What the AppHost says where something is missing or wrong.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConsoleTests : IDisposable
{
    private readonly TemporaryFolder _bin = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A machine without containers, etcd and Redis, with the package manager that the test wrote.</summary>
    private Dictionary<string, string?> BareMachine => new() { ["PATH"] = _bin.Path };

    public void Dispose() => _bin.Dispose();

    [Fact]
    public async Task Start_WrongOption_SaysWhichAndEndsWithOne()
    {
        await using var host = new AppHostProcess(environment: null, "--Cluster:Nodes", "1000");

        Assert.Equal(1, await host.WhenExitedAsync(Cancelled));
        Assert.Contains(host.Lines, line => line.Contains("Cluster:Nodes takes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_RedisWantedAndNowhere_SaysHowToGetItAndEndsWithOne()
    {
        await using var host = new AppHostProcess(BareMachine, "--Redis:Enabled", "true", "--Cluster:Nodes", "0");

        Assert.Equal(1, await host.WhenExitedAsync(Cancelled));
        Assert.Contains(host.Lines, line => line.Contains("apt-get install redis-server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ProcessCannotStart_SaysWhyAndDoesNotHang()
    {
        await using var host = new AppHostProcess(
            environment: null, "--Servers:From", "Programs", "--Cluster:Nodes", "0", "--Origin:Url", "http://origin.example/", "--Sizes:Chunk", "1GiB"); // above the maximum

        await host.WhenLineAsync("Distributed application started", Cancelled);
        await host.WhenLineAsync("ChunkProxy: web ", Cancelled);
        await host.WhenLineAsync("size-c", Cancelled);
    }

    [Fact]
    public async Task Start_EtcdInTheSystemsPackages_IsUnpackedAndUsed()
    {
        AddProgram("apt-get", """
            case "$*" in
              *lists=*update) : > lists-are-here ;;
              *lists=*"download etcd-server") [ -f lists-are-here ] && : > etcd-server_1.0_amd64.deb ;;
              *) echo "E: Unable to locate package etcd-server" >&2; exit 100 ;;
            esac
            """);
        AddProgram("dpkg-deb", $"""
            {Executables.Find("mkdir")} -p "$3/usr/bin"
            {Executables.Find("ln")} -s {Executables.Find("etcd")} "$3/usr/bin/etcd"
            """);

        using var state = new TemporaryFolder();
        var (program, whyNot) = await FindEtcdAsync(state);

        Assert.Null(whyNot);
        Assert.True(Executables.IsExecutable(program!));
    }

    [Fact]
    public async Task Start_EtcdCannotBeHad_TheMembersAreListedAndItSaysWhy()
    {
        AddProgram("apt-get", "echo 'E: Failed to fetch' >&2; exit 100");
        AddProgram("dpkg-deb", "exit 1");

        using var state = new TemporaryFolder();
        var (program, whyNot) = await FindEtcdAsync(state);

        Assert.Null(program);
        Assert.Contains("E: Failed to fetch", whyNot, StringComparison.Ordinal);
        Assert.Contains("static list", whyNot, StringComparison.Ordinal);
    }

    private Task<(string? Program, string? WhyNot)> FindEtcdAsync(TemporaryFolder state) =>
        new EtcdPackage(new StateFolder(state.Path), name => Executables.Find(name, [_bin.Path])).FindAsync(Cancelled);

    private void AddProgram(string name, string script)
    {
        var file = _bin.Combine(name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
