namespace ChunkProxy.Web.Status;

/// <summary>The chunks that one process has.</summary>
/// <param name="Runs">Null if it did not answer.</param>
internal sealed record MemberMap(string Member, bool IsSelf, IReadOnlyList<MapRun>? Runs);
