namespace ChunkProxy.Cache.Status;

/// <summary>The chunks of one version of an object that one process has.</summary>
/// <param name="Member">Its id; <c>this process</c> for one that owns nothing.</param>
/// <param name="IsDrained">It owns nothing at the moment, by an operator's order.</param>
/// <param name="Runs">Null if it did not answer.</param>
internal sealed record MemberMap(string Member, bool IsSelf, bool IsDrained, IReadOnlyList<ChunkRun>? Runs);
