using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>Limits as the kernel shows them, below a folder in place of the root.</summary>
public sealed class ContainerMemoryTests : IDisposable
{
    private const long MiB = 1024 * 1024;

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void LimitOf_NoGroups_IsNull() => Assert.Null(ContainerMemory.LimitOf(_root.Path));

    [Fact]
    public void LimitOf_VersionTwo_IsTheLeastOfTheGroupAndItsAncestors()
    {
        Write("proc/self/cgroup", "0::/pods/web\n");
        Write("sys/fs/cgroup/memory.max", "max\n");
        Write("sys/fs/cgroup/pods/memory.max", $"{300 * MiB}\n");
        Write("sys/fs/cgroup/pods/web/memory.max", $"{400 * MiB}\n");

        Assert.Equal(300 * MiB, ContainerMemory.LimitOf(_root.Path));
    }

    [Fact]
    public void LimitOf_VersionOne_ReadsTheMemoryController()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/other\n4:memory:/web\n0::/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/web/memory.limit_in_bytes", $"{300 * MiB}\n");

        Assert.Equal(300 * MiB, ContainerMemory.LimitOf(_root.Path));
    }

    // In a container of cgroup v1, the path is the host's, and the mount shows the container's own group.
    [Fact]
    public void LimitOf_VersionOneInAContainer_ReadsTheRootOfTheMount()
    {
        Write("proc/self/cgroup", "4:memory:/docker/0123\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", $"{300 * MiB}\n");

        Assert.Equal(300 * MiB, ContainerMemory.LimitOf(_root.Path));
    }

    [Fact]
    public void LimitOf_Unlimited_IsNull()
    {
        Write("proc/self/cgroup", "4:memory:/\n0::/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory.max", "max\n");

        Assert.Null(ContainerMemory.LimitOf(_root.Path));
    }

    private void Write(string path, string text)
    {
        var file = _root.Combine(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
