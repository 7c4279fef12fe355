namespace ChunkProxy.Web.Commands;

/// <summary>What a node says of a purge.</summary>
/// <param name="Complete">Every member has forgotten the object. Else one was away: it forgets it before it serves anything of it again.</param>
internal sealed record PurgeAnswer(string Path, bool Complete, IReadOnlyList<PurgedMember> Members);

/// <summary>What one member did for a purge.</summary>
/// <param name="Error">Why it could not; null: it did.</param>
internal sealed record PurgedMember(string Member, long Chunks, long Bytes, string? Error);
