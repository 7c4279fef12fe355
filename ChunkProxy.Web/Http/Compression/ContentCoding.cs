namespace ChunkProxy.Web.Http.Compression;

/// <summary>A content coding (RFC 9110 §8.4.1).</summary>
internal enum ContentCoding
{
    /// <summary>The bytes as they are.</summary>
    Identity,

    /// <summary><c>gzip</c> (RFC 1952).</summary>
    Gzip,

    /// <summary><c>br</c> (RFC 7932).</summary>
    Brotli,
}
