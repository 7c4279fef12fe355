namespace ChunkProxy.AppHost.Servers;

/// <summary>Where etcd and Redis come from.</summary>
internal enum ServerKind
{
    /// <summary>Containers where a container runtime can run their images, else programs.</summary>
    Auto,

    /// <summary>Containers.</summary>
    Containers,

    /// <summary>Programs of this machine: from the PATH; etcd also from the system's package, which is unpacked and not installed.</summary>
    Programs,

    /// <summary>No etcd: the members are listed. Redis comes from the PATH.</summary>
    Static,
}
