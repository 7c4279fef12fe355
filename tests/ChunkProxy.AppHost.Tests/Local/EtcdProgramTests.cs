using System.Runtime.Versioning;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Local;

/// <summary>A machine without etcd, with a package manager that the test wrote.</summary>
[SupportedOSPlatform("linux")]
public sealed class EtcdProgramTests : IDisposable
{
    private const int Length = 100_000;

    private readonly TemporaryFolder _bin = new();

    public EtcdProgramTests() => File.CreateSymbolicLink(_bin.Combine("setsid"), Executables.Find("setsid")!);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> WithoutEtcd => new() { ["PATH"] = _bin.Path };

    public void Dispose() => _bin.Dispose();

    [Fact]
    public async Task Start_EtcdInTheSystemsPackages_IsUnpackedAndUsed()
    {
        AddProgram("apt-get", """[ "$1" = download ] && : > "$2_1.0_amd64.deb" """);
        AddProgram("dpkg-deb", $"""
            [ "$1" = -x ] && [ -f "$2" ] || exit 1
            {Executables.Find("mkdir")} -p "$3/usr/bin"
            {Executables.Find("ln")} -s {Executables.Find("etcd")} "$3/usr/bin/etcd"
            """);

        await using var run = await LocalRun.StartAsync(Cancelled, WithoutEtcd, "--Cluster:Nodes", "1");

        Assert.Single(run.ProcessesOf(Topology.Etcd));
        await run.WhenMembersAsync(1, Cancelled);
    }

    [Fact]
    public async Task Start_NoListsOfPackages_FetchesListsOfItsOwn()
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

        await using var run = await LocalRun.StartAsync(Cancelled, WithoutEtcd, "--Cluster:Nodes", "1");

        Assert.Single(run.ProcessesOf(Topology.Etcd));
    }

    [Fact]
    public async Task Start_PackageCannotBeHad_ListsTheMembersAndSaysWhy()
    {
        AddProgram("apt-get", "echo 'E: Failed to fetch' >&2; exit 100");
        AddProgram("dpkg-deb", "exit 1");

        await using var run = await LocalRun.StartAsync(Cancelled, WithoutEtcd, "--Cluster:Nodes", "1");

        Assert.Empty(run.ProcessesOf(Topology.Etcd));
        Assert.Contains(run.Lines, line => line.Contains("E: Failed to fetch", StringComparison.Ordinal));
        Assert.Equal(Length, (await run.GetRangeAsync("films/orbit.webm", 0, Length, Cancelled)).Length);
    }

    private void AddProgram(string name, string script)
    {
        var file = _bin.Combine(name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
