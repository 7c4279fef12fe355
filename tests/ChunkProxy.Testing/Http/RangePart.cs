using System.Text;

namespace ChunkProxy.Testing.Http;

/// <summary>One part of a multipart/byteranges body.</summary>
public sealed record RangePart(string? ContentType, string? ContentRange, byte[] Bytes)
{
    internal static RangePart Parse(ReadOnlySpan<byte> part)
    {
        var end = part.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !part.StartsWith("\r\n"u8))
        {
            throw new InvalidDataException("A part has no header section.");
        }

        var fields = Encoding.Latin1.GetString(part[2..end]).Split("\r\n")
            .Select(line => line.Split(':', 2))
            .ToDictionary(field => field[0], field => field[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new RangePart(fields.GetValueOrDefault("Content-Type"), fields.GetValueOrDefault("Content-Range"), part[(end + 4)..].ToArray());
    }
}
