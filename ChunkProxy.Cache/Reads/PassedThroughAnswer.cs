namespace ChunkProxy.Cache.Reads;

/// <summary>An origin response that goes to one client and is not stored.</summary>
public sealed class PassedThroughAnswer(
    int status, long? contentLength, IReadOnlyList<KeyValuePair<string, string>> headers, Stream body, IDisposable response) : IDisposable
{
    public int Status { get; } = status;

    /// <summary>Length in bytes; null if the origin did not state it.</summary>
    public long? ContentLength { get; } = contentLength;

    /// <summary>All end-to-end fields, including those of this message (Content-Range, ETag, Date …), but not Content-Length.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = headers;

    /// <summary>When the origin generated a response that is stored, so that its age is sent; null for one that is not.</summary>
    internal DateTimeOffset? StoredFrom { get; init; }

    /// <summary>The body. Reading it throws <see cref="ChunkReadException"/> when the origin breaks off or stalls.</summary>
    public Stream Body { get; } = body;

    /// <summary>Returns a 206 that contains every byte of the object as a 200 (RFC 9110 §15.3.7).</summary>
    internal PassedThroughAnswer AsWhole() =>
        new(200, ContentLength, [.. Headers.Where(field => !field.Key.Equals("Content-Range", StringComparison.OrdinalIgnoreCase))], Body, this);

    public void Dispose() => response.Dispose();
}
