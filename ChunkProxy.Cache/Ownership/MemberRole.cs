namespace ChunkProxy.Cache.Ownership;

/// <summary>A member's role besides owning chunks. Display only: ownership does not depend on it.</summary>
public enum MemberRole
{
    /// <summary>A cache service, which answers peers only.</summary>
    Cache,

    /// <summary>A member and front end in one process, which also answers clients.</summary>
    Node,
}
