using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Tests.Peers;

public sealed class ReplyRecordTests
{
    private static readonly KeptReply Reply = new(403, [new("Content-Type", "text/html"), new("X-Odd", "\u00e9\u00ff"), new("X-Odd", "")], [1, 2, 3], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void TryDecode_OfEncoded_IsTheSame()
    {
        var read = ReplyRecord.TryDecode(ReplyRecord.Encode(Reply))!;
        Assert.Equal((Reply.Status, Reply.GeneratedAt, Reply.IsForAll), (read.Status, read.GeneratedAt, read.IsForAll));
        Assert.Equal(Reply.Fields, read.Fields);
        Assert.Equal(Reply.Body, read.Body);
    }

    [Fact]
    public void TryDecode_CutShortOrLonger_IsNone()
    {
        var record = ReplyRecord.Encode(Reply);
        Assert.All(Enumerable.Range(0, record.Length), length => Assert.Null(ReplyRecord.TryDecode(record[..length])));
        Assert.Null(ReplyRecord.TryDecode([.. record, 0]));
    }
}
