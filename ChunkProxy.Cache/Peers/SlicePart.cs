namespace ChunkProxy.Cache.Peers;

/// <summary>The part of a slice that a reader asks a member for, if it may wait for a client while many reads of members are in progress.</summary>
/// <param name="Length">Most bytes that the reader can take without waiting for its client. 0: it waits for no client, and asks for the whole slice.</param>
/// <param name="IsFurther">Whether the member has sent an earlier part: the request is no further read of the chunk.</param>
internal readonly record struct SlicePart(int Length, bool IsFurther);
