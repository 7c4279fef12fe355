namespace ChunkProxy.Cache.Membership;

/// <summary>A member's key in etcd.</summary>
/// <param name="Id">End of the key: the member's id.</param>
/// <param name="Json">Value of the key; null if the key is gone.</param>
/// <param name="Revision">etcd's revision of this state.</param>
internal readonly record struct MembershipChange(string Id, byte[]? Json, long Revision);
