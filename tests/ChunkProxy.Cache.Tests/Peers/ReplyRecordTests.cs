using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Tests.Peers;

public sealed class ReplyRecordTests
{
    private static readonly KeptReply Reply = new(403, [new("Content-Type", "text/html"), new("X-Odd", "\u00e9\u00ff"), new("X-Odd", "")], [1, 2, 3]);

    [Fact]
    public void TryDecode_OfEncoded_IsTheSame()
    {
        var read = ReplyRecord.TryDecode(ReplyRecord.Encode(Reply))!;
        Assert.Equal((Reply.Status, Reply.Fields, Reply.Body), (read.Status, read.Fields, read.Body), (a, b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3));
    }

    [Fact]
    public void TryDecode_CutShortOrLonger_IsNone()
    {
        var record = ReplyRecord.Encode(Reply);
        Assert.All(Enumerable.Range(0, record.Length), length => Assert.Null(ReplyRecord.TryDecode(record[..length])));
        Assert.Null(ReplyRecord.TryDecode([.. record, 0]));
    }
}
