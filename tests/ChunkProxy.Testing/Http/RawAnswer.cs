using System.Globalization;
using System.Text;

namespace ChunkProxy.Testing.Http;

/// <summary>An HTTP/1.1 response as received, without normalization.</summary>
public sealed class RawAnswer
{
    private RawAnswer(int status, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body)
    {
        Status = status;
        Headers = headers;
        Body = body;
    }

    public int Status { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Everything after the header section, without chunked framing.</summary>
    public byte[] Body { get; }

    /// <summary>Returns the value of a field; several lines are joined by a comma; null if there is none.</summary>
    public string? this[string name] =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToArray() is { Length: > 0 } values
            ? string.Join(", ", values)
            : null;

    /// <exception cref="InvalidDataException">The bytes are not an HTTP response.</exception>
    public static RawAnswer Parse(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !bytes.StartsWith("HTTP/1.1 "u8))
        {
            throw new InvalidDataException($"No HTTP/1.1 answer: {Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)])}");
        }

        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Select(field => KeyValuePair.Create(field[0], field[1].Trim())).ToList();
        var answer = new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, bytes[(end + 4)..].ToArray());
        return answer["Transfer-Encoding"] == "chunked" ? new RawAnswer(answer.Status, headers, Dechunk(answer.Body)) : answer;
    }

    /// <summary>The parts of a multipart/byteranges body (RFC 9110 §14.6).</summary>
    /// <exception cref="InvalidDataException">The body does not match its Content-Type.</exception>
    public IReadOnlyList<RangePart> Parts()
    {
        const string Type = "multipart/byteranges; boundary=";
        if (this["Content-Type"] is not { } type || !type.StartsWith(Type, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"Not multipart/byteranges but {this["Content-Type"]}.");
        }

        var delimiter = Encoding.Latin1.GetBytes($"\r\n--{type[Type.Length..].Trim('"')}");
        var rest = new ReadOnlySpan<byte>([.. "\r\n"u8, .. Body]); // the first delimiter may be at the very start
        rest = rest[(Find(rest, delimiter) + delimiter.Length)..];
        var parts = new List<RangePart>();
        while (!rest.StartsWith("--"u8))
        {
            var next = Find(rest, delimiter);
            parts.Add(RangePart.Parse(rest[..next]));
            rest = rest[(next + delimiter.Length)..];
        }

        return rest.SequenceEqual("--\r\n"u8) || rest.SequenceEqual("--"u8) ? parts : throw new InvalidDataException("Bytes after the last delimiter.");
    }

    private static int Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> delimiter) =>
        bytes.IndexOf(delimiter) is var index and >= 0 ? index : throw new InvalidDataException("A delimiter is missing.");

    private static byte[] Dechunk(ReadOnlySpan<byte> body)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var line = body.IndexOf("\r\n"u8);
            if (line < 0)
            {
                throw new InvalidDataException("The last chunk is missing.");
            }

            var length = int.Parse(Encoding.ASCII.GetString(body[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return [.. bytes];
            }

            bytes.AddRange(body.Slice(line + 2, length));
            body = body[(line + 2 + length + 2)..];
        }
    }
}
