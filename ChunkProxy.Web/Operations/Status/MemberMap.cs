namespace ChunkProxy.Web.Operations.Status;

/// <summary>The chunks that one process has.</summary>
/// <param name="IsDrained">It owns nothing at the moment, by an operator's order.</param>
/// <param name="Runs">Null if it did not answer.</param>
internal sealed record MemberMap(string Member, bool IsSelf, bool IsDrained, IReadOnlyList<MapRun>? Runs);
