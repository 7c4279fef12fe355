using System.Security.Cryptography;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The delimiters of a multipart/byteranges response (RFC 9110 §14.6), and its total length.</summary>
/// <remarks>The boundary has 128 random bits per response, so no content can contain it by intent or accident.</remarks>
internal sealed class MultipartBody
{
    private readonly byte[][] _partHeads;

    public MultipartBody(ObjectVersion version, in RangeOutcome ranges)
    {
        var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var fields = VersionFields.Of(version);
        var type = fields.ContentType.Count == 0 ? "" : $"Content-Type: {fields.ContentType}\r\n";

        ContentType = $"multipart/byteranges; boundary={boundary}";
        Tail = Encoding.Latin1.GetBytes($"\r\n--{boundary}--\r\n");
        Length = Tail.Length;
        _partHeads = new byte[ranges.Count][];
        for (var i = 0; i < ranges.Count; i++)
        {
            var start = i == 0 ? "" : "\r\n";
            _partHeads[i] = Encoding.Latin1.GetBytes($"{start}--{boundary}\r\n{type}Content-Range: {fields.ContentRange(ranges[i])}\r\n\r\n");
            Length += _partHeads[i].Length + ranges[i].Length;
        }
    }

    public string ContentType { get; }

    /// <summary>Bytes of the whole body: part heads, ranges and tail.</summary>
    public long Length { get; }

    public byte[] Tail { get; }

    public byte[] PartHead(int index) => _partHeads[index];
}
