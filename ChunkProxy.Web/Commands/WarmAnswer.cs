namespace ChunkProxy.Web.Commands;

/// <summary>What a node says of a range that it was told to fetch.</summary>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Chunks">How many it has to fetch; 0 while that is not known.</param>
internal sealed record WarmAnswer(
    string Id, string Path, string? Range, string State, long Chunks, long ChunksDone, long Bytes, long BytesDone, string? Error);
