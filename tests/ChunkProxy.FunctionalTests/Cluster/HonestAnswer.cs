using System.Globalization;
using System.Text;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A correct member's response for a slice.</summary>
/// <param name="Key">Names the chunk: <c>hash of the version - index</c>.</param>
/// <param name="Bytes">The slice.</param>
internal sealed record HonestAnswer(string Key, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Returns the head of a response; <paramref name="fields"/> replace the correct ones.</summary>
    public static ReadOnlyMemory<byte> Head(string status, params string[] fields) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(fields.Select(field => field + "\r\n"))}Connection: close\r\n\r\n");

    public static string LengthField(long length) => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}");

    public static string KeyField(string key) => $"Pool-Key-Of-Chunk: {key}";
}
