namespace ChunkProxy.Cache.Status;

/// <summary>Chunks of one version of an object at one process.</summary>
/// <param name="Member">Member id, or <c>this process</c> for a process that owns nothing.</param>
/// <param name="IsDrained">Whether an operator drained the member, so that it owns nothing.</param>
/// <param name="Runs">Null if the member did not respond.</param>
internal sealed record MemberMap(string Member, bool IsSelf, bool IsDrained, IReadOnlyList<ChunkRun>? Runs);
