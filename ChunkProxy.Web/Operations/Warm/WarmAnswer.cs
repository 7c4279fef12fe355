namespace ChunkProxy.Web.Operations.Warm;

/// <summary>A warm-up in the API.</summary>
/// <param name="Id">Identifies it in URLs.</param>
/// <param name="Path">The object's path in normal form, as requested from the origin.</param>
/// <param name="Range">The range as requested; null: the whole object.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Chunks">Number of chunks in the range; 0 until the object is found.</param>
/// <param name="ChunksDone">Chunks that are cached where reads look for them, including those cached before the start.</param>
/// <param name="Bytes">Total size of the chunks.</param>
/// <param name="Error">The name of the error; null if there was none.</param>
/// <param name="Reason">The error as a sentence.</param>
internal sealed record WarmAnswer(
    string Id,
    string Path,
    string? Range,
    WarmState State,
    long Chunks,
    long ChunksDone,
    long Bytes,
    long BytesDone,
    string? Error,
    string? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt);
