namespace ChunkProxy.Cache.Membership;

/// <summary>A member's key as etcd has it.</summary>
/// <param name="Id">What the key ends in.</param>
/// <param name="Json">Its value; null: the key is gone.</param>
/// <param name="Revision">etcd's revision at which this became so.</param>
internal readonly record struct MembershipChange(string Id, byte[]? Json, long Revision);
