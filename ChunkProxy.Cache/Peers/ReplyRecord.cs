using System.Text;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>Encodes an origin response for the transfer between members: status, fields, body.</summary>
internal static class ReplyRecord
{
    /// <summary>Most bytes in a record: the limit of the body, plus that of a response header.</summary>
    public const int MaxLength = KeptReply.LongestBody + (128 * 1024);

    public static byte[] Encode(KeptReply reply)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(reply.Status);
        writer.Write(reply.IsForAll);
        writer.Write(reply.GeneratedAt.UtcTicks);
        writer.Write(reply.Fields.Count);
        foreach (var (name, value) in reply.Fields)
        {
            writer.Write(name);
            writer.Write(value);
        }

        writer.Write(reply.Body.Length);
        writer.Write(reply.Body);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Returns the reply, or null if the bytes are not a valid record.</summary>
    public static KeptReply? TryDecode(byte[] record)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(record), Encoding.UTF8);
            var status = reader.ReadInt32();
            var isForAll = reader.ReadBoolean();
            var generatedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var fields = new List<KeyValuePair<string, string>>();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                fields.Add(new(reader.ReadString(), reader.ReadString()));
            }

            var length = reader.ReadInt32();
            return status is >= 200 and < 600 && length == record.Length - reader.BaseStream.Position
                ? new KeptReply(status, fields, reader.ReadBytes(length), generatedAt, isForAll)
                : null;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
