namespace ChunkProxy.Cache.Membership;

/// <summary>How it stands with this process's own key in etcd.</summary>
internal enum OwnRegistration
{
    /// <summary>There is none: not put yet, expired, deleted or wiped.</summary>
    Missing,

    /// <summary>This process has put it, and what is known of etcd is older than that.</summary>
    Pending,

    /// <summary>It is there, as this process put it.</summary>
    Present,

    /// <summary>Another process has put it: two run with the same pool address.</summary>
    TakenByAnother,
}
