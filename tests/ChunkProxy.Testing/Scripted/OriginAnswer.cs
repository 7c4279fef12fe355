using System.Net;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>What a <see cref="ScriptedOrigin"/> answers to one request: an object, and what goes wrong on the way. As it stands: an honest file server.</summary>
public sealed record OriginAnswer
{
    /// <summary>Whose bytes: see <see cref="Data.TestData"/>.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Bytes of the object.</summary>
    public long Size { get; init; }

    public string? ETag { get; init; } = "\"v1\"";

    public DateTimeOffset? LastModified { get; init; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public string ContentType { get; init; } = "video/mp4";

    /// <summary>Further fields of the answer, as they are.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A status in place of the object, with a short text.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Answers 200 with the whole object, whatever was asked.</summary>
    public bool IgnoresRange { get; init; }

    /// <summary>Sends no more bytes than this in a partial answer, whatever was asked.</summary>
    public long? LongestPart { get; init; }

    /// <summary>Looks at no condition: neither If-Match nor If-None-Match nor If-Range.</summary>
    public bool IgnoresConditions { get; init; }

    /// <summary>Answers HEAD with 405.</summary>
    public bool RefusesHead { get; init; }

    /// <summary>Sends the body chunked: the answer has no Content-Length.</summary>
    public bool Chunked { get; init; }

    /// <summary>A Content-Range in place of the right one.</summary>
    public string? ContentRange { get; init; }

    /// <summary>The bytes that a partial answer really starts at, whatever its Content-Range says.</summary>
    public long ShiftBody { get; init; }

    /// <summary>Added to the right Content-Length. The body stays as long as it is; after too short a one the connection closes.</summary>
    public long ContentLengthError { get; init; }

    /// <summary>Sends these bytes in place of an HTTP answer, and closes.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>Holds the answer back: nothing is sent until the gate opens.</summary>
    public Gate? HoldAnswer { get; init; }

    /// <summary>Holds the header section back after its status line.</summary>
    public Gate? HoldHeaders { get; init; }

    /// <summary>Body bytes after which <see cref="Stall"/> holds the rest back.</summary>
    public long StallAfter { get; init; }

    public Gate? Stall { get; init; }

    /// <summary>Body bytes after which the connection ends.</summary>
    public long? DropAfter { get; init; }

    /// <summary>The connection that ends early is reset, not closed. What the kernel had not sent yet is lost with it.</summary>
    public bool DropsByReset { get; init; }

    /// <summary>Body bytes a second.</summary>
    public long? BytesPerSecond { get; init; }

    public OriginAnswer WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
