namespace ChunkProxy.Cache.Ownership;

/// <summary>What a member does besides owning chunks. For people; ownership does not depend on it.</summary>
public enum MemberRole
{
    /// <summary>A cache service: it answers its peers only.</summary>
    Cache,

    /// <summary>Member and front end in one process: it answers clients too.</summary>
    Node,
}
