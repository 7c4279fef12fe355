namespace ChunkProxy.Web.Operations.Warm;

/// <summary>A warm-up, as the API tells it.</summary>
/// <param name="Id">Names it in URLs.</param>
/// <param name="Path">The object, in the form in which it is asked for at the origin.</param>
/// <param name="Range">As it was asked for; null: the whole object.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Chunks">Those that the range touches; 0 until the object is found.</param>
/// <param name="ChunksDone">Those of them that are where reads look for them; the ones that were there already count from the beginning.</param>
/// <param name="Bytes">Of these chunks.</param>
/// <param name="Error">The name of what made it fail, else null.</param>
/// <param name="Reason">The same as a sentence.</param>
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
