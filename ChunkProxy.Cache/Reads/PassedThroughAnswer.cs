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

    public Stream Body { get; } = body;

    public void Dispose() => response.Dispose();
}
