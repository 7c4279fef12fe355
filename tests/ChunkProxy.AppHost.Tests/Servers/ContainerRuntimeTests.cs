using System.Runtime.Versioning;
using ChunkProxy.AppHost.Servers;
using ChunkProxy.Testing.Processes;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.Tests.Servers;

/// <summary>Containers are chosen only where they start. The runtimes are scripts here.</summary>
[SupportedOSPlatform("linux")]
public sealed class ContainerRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _bin = new();

    public void Dispose() => _bin.Dispose();

    [Fact]
    public async Task Find_NoRuntime_SaysThatNoneAnswers()
    {
        var (runtime, whyNot) = await FindAsync();

        Assert.Null(runtime);
        Assert.Contains("docker info, podman info", whyNot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_EngineWithoutTheImage_PullsAndRunsIt()
    {
        AddRuntime("docker", inspect: "exit 1", pull: "exit 0", run: "exit 0");

        Assert.Equal(("docker", null), await FindAsync());
        Assert.Contains($"pull {ServerImage.Etcd}", File.ReadAllText(_bin.Combine("calls")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ImageIsThere_IsNotPulled()
    {
        AddRuntime("docker", inspect: "exit 0", pull: "exit 0", run: "exit 0");

        Assert.Equal(("docker", null), await FindAsync());
        Assert.DoesNotContain("pull", File.ReadAllText(_bin.Combine("calls")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ImageCannotBePulled_SaysWhy()
    {
        AddRuntime("podman", inspect: "exit 1", pull: "echo 'Error: registry unreachable' >&2; exit 125", run: "exit 0");

        var (runtime, whyNot) = await FindAsync();

        Assert.Null(runtime);
        Assert.Equal($"podman cannot pull {ServerImage.Etcd} (Error: registry unreachable).", whyNot);
    }

    [Fact]
    public async Task Find_ContainerCannotStart_SaysWhy()
    {
        AddRuntime("podman", inspect: "exit 0", pull: "exit 0", run: "echo 'Error: OCI runtime error' >&2; exit 126");

        var (runtime, whyNot) = await FindAsync();

        Assert.Null(runtime);
        Assert.Equal($"podman cannot run {ServerImage.Etcd} (Error: OCI runtime error).", whyNot);
    }

    [Fact]
    public async Task Find_DockerCannotRunAndPodmanCan_ChoosesPodman()
    {
        AddRuntime("docker", inspect: "exit 0", pull: "exit 0", run: "exit 126");
        AddRuntime("podman", inspect: "exit 0", pull: "exit 0", run: "exit 0");

        Assert.Equal(("podman", null), await FindAsync());
    }

    private Task<(string? Runtime, string? WhyNot)> FindAsync() =>
        new ContainerRuntime(name => Executables.Find(name, [_bin.Path])).FindAsync(new ConfigurationBuilder().Build(), [ServerImage.Etcd]);

    private void AddRuntime(string name, string inspect, string pull, string run)
    {
        var file = _bin.Combine(name);
        File.WriteAllText(file, $"""
            #!/bin/sh
            echo "$*" >> '{_bin.Combine("calls")}'
            case "$1" in
              info) exit 0 ;;
              image) {inspect} ;;
              pull) {pull} ;;
              run) {run} ;;
            esac
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
