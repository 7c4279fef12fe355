namespace ChunkProxy.Web.Operations.Purge;

/// <summary>The response to a purge; docs/operations.md describes each field.</summary>
internal sealed record PurgeAnswer(string Path, string? Scope, bool Complete, IReadOnlyList<PurgeAnswer.Entry> Members)
{
    /// <summary>What one process removed, or that it did not confirm.</summary>
    internal sealed record Entry(string Member, int? Chunks, long? Bytes, string? Error);
}
