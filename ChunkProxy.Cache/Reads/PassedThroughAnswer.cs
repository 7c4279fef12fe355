namespace ChunkProxy.Cache.Reads;

/// <summary>An answer of the origin that goes to one client and is not kept.</summary>
public sealed class PassedThroughAnswer(
    int status, long? contentLength, IReadOnlyList<KeyValuePair<string, string>> headers, Stream body, IDisposable response) : IDisposable
{
    public int Status { get; } = status;

    /// <summary>In bytes, where the origin said it.</summary>
    public long? ContentLength { get; } = contentLength;

    /// <summary>All end-to-end fields, those of this one message (Content-Range, ETag, Date …) included; Content-Length is not among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = headers;

    /// <summary>Reading it ends with a <see cref="ChunkReadException"/> when the origin breaks off or falls silent.</summary>
    public Stream Body { get; } = body;

    /// <summary>The same as a 200: of a 206 that has every byte of the object (RFC 9110 §15.3.7).</summary>
    internal PassedThroughAnswer AsWhole() =>
        new(200, ContentLength, [.. Headers.Where(field => !field.Key.Equals("Content-Range", StringComparison.OrdinalIgnoreCase))], Body, this);

    public void Dispose() => response.Dispose();
}
