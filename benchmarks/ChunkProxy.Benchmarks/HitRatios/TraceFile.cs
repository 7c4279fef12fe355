using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Reads recorded traces. The file name determines the format; <c>.gz</c> is decompressed.</summary>
internal static class TraceFile
{
    private const int OracleRecord = 24;

    public static Request[] Read(string path)
    {
        using var file = File.OpenRead(path);
        var packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        using Stream bytes = packed ? new GZipStream(file, CompressionMode.Decompress) : new BufferedStream(file, 1 << 16);
        return (path.Contains("oracleGeneral", StringComparison.OrdinalIgnoreCase) ? ReadOracleGeneral(bytes) : ReadArc(bytes)).ToArray();
    }

    /// <summary>libCacheSim's records: u32 time, u64 object, u32 bytes, i64 index of the object's next request; little endian.</summary>
    private static IEnumerable<Request> ReadOracleGeneral(Stream stream)
    {
        var record = new byte[OracleRecord];
        int read;
        while ((read = stream.ReadAtLeast(record, OracleRecord, throwOnEndOfStream: false)) == OracleRecord)
        {
            yield return new Request(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(4)), BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(12)));
        }

        if (read > 0)
        {
            throw new InvalidDataException($"The trace ends {OracleRecord - read} bytes before the end of a record.");
        }
    }

    /// <summary>The text format of the ARC paper's traces: first block, number of blocks, and ignored fields. A block counts as one byte.</summary>
    private static IEnumerable<Request> ReadArc(Stream stream)
    {
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is { } line)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var first = ulong.Parse(fields[0], CultureInfo.InvariantCulture);
            var count = ulong.Parse(fields[1], CultureInfo.InvariantCulture);
            for (var block = first; block < first + count; block++)
            {
                yield return new Request(block, 1);
            }
        }
    }
}
