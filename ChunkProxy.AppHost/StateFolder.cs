namespace ChunkProxy.AppHost;

/// <summary>What stays from one run to the next: cached chunks, etcd's data, an unpacked etcd.</summary>
/// <param name="path">The folder; made when it is first needed.</param>
internal sealed class StateFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static StateFolder Of(IDistributedApplicationBuilder builder, ClusterOptions options) =>
        new(Path.GetFullPath(options.StateDir ?? Path.Combine(builder.AppHostDirectory, "..", ".chunkproxy")));

    /// <summary>Returns the path of a folder for one process; the process makes it.</summary>
    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Returns a folder for one process, made if it is not there, for its owner only.</summary>
    public string Of(string name)
    {
        var folder = PathOf(name);
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder).FullName : Directory.CreateDirectory(folder, OwnerOnly).FullName;
    }
}
