namespace ChunkProxy.Cache.Membership;

/// <summary>State of this process's own key in etcd.</summary>
internal enum OwnRegistration
{
    /// <summary>The key does not exist: not put yet, expired, deleted or wiped.</summary>
    Missing,

    /// <summary>This process has put the key, and the last known state of etcd is older.</summary>
    Pending,

    /// <summary>The key exists as this process put it.</summary>
    Present,

    /// <summary>Another process has put the key: two run with the same pool address.</summary>
    TakenByAnother,
}
