using System.Net;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>A <see cref="ScriptedOrigin"/>'s response to one request: an object, and faults. The default is a correct file server.</summary>
public sealed record OriginAnswer
{
    /// <summary>Selects the bytes; see <see cref="Data.TestData"/>.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Size of the object in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The bytes, <see cref="Size"/> of them, in place of those that <see cref="Seed"/> selects.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    public string? ETag { get; init; } = "\"v1\"";

    public DateTimeOffset? LastModified { get; init; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public string ContentType { get; init; } = "video/mp4";

    /// <summary>Additional fields of the response, unchanged.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A status to send instead of the object, with a short text.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Sends 200 with the whole object, whatever the request.</summary>
    public bool IgnoresRange { get; init; }

    /// <summary>Most bytes of a partial response, whatever the request.</summary>
    public long? LongestPart { get; init; }

    /// <summary>Ignores If-Match, If-None-Match and If-Range.</summary>
    public bool IgnoresConditions { get; init; }

    /// <summary>Responds to HEAD with 405.</summary>
    public bool RefusesHead { get; init; }

    /// <summary>Sends the body chunked, without Content-Length.</summary>
    public bool Chunked { get; init; }

    /// <summary>A Content-Range to send instead of the correct one.</summary>
    public string? ContentRange { get; init; }

    /// <summary>The actual start of a partial response's bytes, whatever its Content-Range says.</summary>
    public long ShiftBody { get; init; }

    /// <summary>Added to the correct Content-Length. The body keeps its length; if the sum is too small, the connection closes after it.</summary>
    public long ContentLengthError { get; init; }

    /// <summary>Sends these bytes instead of an HTTP response, and closes.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>Delays the response: nothing is sent until the gate opens.</summary>
    public Gate? HoldAnswer { get; init; }

    /// <summary>Delays the header section after the status line.</summary>
    public Gate? HoldHeaders { get; init; }

    /// <summary>Body bytes after which <see cref="Stall"/> delays the rest.</summary>
    public long StallAfter { get; init; }

    public Gate? Stall { get; init; }

    /// <summary>Body bytes after which the connection ends.</summary>
    public long? DropAfter { get; init; }

    /// <summary>Resets the connection at its early end instead of closing it. Bytes that the kernel has not sent are lost.</summary>
    public bool DropsByReset { get; init; }

    /// <summary>Body bytes per second.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Returns a response with these bytes.</summary>
    public static OriginAnswer Of(ReadOnlyMemory<byte> content, string contentType) => new() { Content = content, Size = content.Length, ContentType = contentType };

    public OriginAnswer WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    /// <summary>Writes bytes of the object, starting at <paramref name="offset"/>.</summary>
    internal void Fill(long offset, Span<byte> destination)
    {
        if (Content is { } content)
        {
            content.Span.Slice((int)offset, destination.Length).CopyTo(destination);
        }
        else
        {
            Data.TestData.Fill(Seed, offset, destination);
        }
    }
}
