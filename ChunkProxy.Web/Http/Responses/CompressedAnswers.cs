using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Compression;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The compressed content of playlists and captions, if it is configured.</summary>
internal sealed class CompressedAnswers(IChunkReader reader, CompressedContents contents, IOptions<CompressionOptions> options)
{
    private readonly CompressionRules? _rules = options.Value.Enabled ? new CompressionRules(options.Value) : null;

    /// <summary>Whether responses for a version depend on <c>Accept-Encoding</c>.</summary>
    public bool Vary(ObjectVersion version) => _rules is not null && _rules.Admit(version);

    /// <summary>Returns the coding of the whole content for a request; identity if it is sent as it is.</summary>
    public ContentCoding CodingFor(HttpRequest request, ObjectVersion version) =>
        Vary(version) ? AcceptedCoding.Choose(request.Headers.AcceptEncoding) : ContentCoding.Identity;

    /// <summary>Returns compressed content. Reads and compresses the object if it is not kept.</summary>
    /// <returns>The content and the report of its first chunk; null: send the bytes as they are.</returns>
    /// <exception cref="ChunkReadException">The bytes are unavailable.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, ReadReport Report)?> FindAsync(
        ObjectVersion version, ContentCoding coding, Exchange exchange, CancellationToken clientGone)
    {
        if (contents.TryGet(version.Hash, coding, out var kept))
        {
            exchange.ReadFrom(ChunkSource.Memory);
            return kept is [] ? null : (kept, new ReadReport(ChunkSource.Memory, Collapsed: false));
        }

        if (!contents.TryBegin(version.Hash, coding))
        {
            return null;
        }

        try
        {
            var whole = RangeOutcome.Whole(version.Size);
            using var streamer = new SliceStreamer(reader, version, whole, lookAheadLimit: 0, exchange, clientGone);
            var report = await streamer.OpenFirstAsync();
            using var output = new MemoryBodyOutput((int)version.Size);
            await streamer.WriteRangeAsync(whole[0], output);
            var compressed = await contents.CompressAsync(version.Hash, coding, output.Bytes);
            return compressed is [] ? null : (compressed, report);
        }
        finally
        {
            contents.End(version.Hash, coding);
        }
    }

    /// <summary>Makes the head of a 200 with the whole content that of the response to a HEAD. The length is there if it is known.</summary>
    public void WriteHead(HttpContext context, ObjectVersion version)
    {
        if (!Vary(version))
        {
            return;
        }

        var response = context.Response;
        WriteVary(response.Headers);
        if (AcceptedCoding.Choose(context.Request.Headers.AcceptEncoding) is var coding and not ContentCoding.Identity
            && !(contents.TryGet(version.Hash, coding, out var content) && content is []))
        {
            WriteCoding(response.Headers, coding);
            response.ContentLength = content?.Length;
        }
    }

    /// <summary>Completes a 304: it has the tag that the 200 to this request would have (RFC 9110 §15.4.5).</summary>
    public void WriteNotModified(HttpContext context, ObjectVersion version)
    {
        if (!Vary(version))
        {
            return;
        }

        WriteVary(context.Response.Headers);
        if (AcceptedCoding.Choose(context.Request.Headers.AcceptEncoding) != ContentCoding.Identity)
        {
            WeakenTag(context.Response.Headers);
        }
    }

    /// <summary>Writes the fields by which a compressed response differs from that with the bytes as they are.</summary>
    /// <remarks>
    /// The entity tag becomes weak: both have the same meaning but different bytes, so a client must not join ranges of one with the other
    /// (RFC 9110 §8.8.3.3). A weak tag still answers If-None-Match.
    /// </remarks>
    public static void WriteCoding(IHeaderDictionary headers, ContentCoding coding)
    {
        headers.ContentEncoding = coding == ContentCoding.Brotli ? "br" : "gzip";
        headers.AcceptRanges = default;
        headers.Remove("Content-MD5"); // checksums of the bytes as they are
        headers.Remove("Content-Digest");
        headers.Remove("Digest");
        headers.Remove("Repr-Digest");
        WeakenTag(headers);
    }

    /// <summary>Tells caches that the response depends on <c>Accept-Encoding</c>.</summary>
    public static void WriteVary(IHeaderDictionary headers) => headers.Vary = StringValues.Concat(headers.Vary, "Accept-Encoding");

    private static void WeakenTag(IHeaderDictionary headers)
    {
        if (headers.ETag is [{ } tag] && !EntityTag.IsWeak(tag))
        {
            headers.ETag = EntityTag.WeakMark + tag;
        }
    }
}
