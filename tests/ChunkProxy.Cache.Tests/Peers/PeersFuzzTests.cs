using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Testing.Fuzzing;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>What members send each other: even a member with the key may be broken.</summary>
public sealed class PeersFuzzTests
{
    [Fact]
    public void ReplyRecord_AnyBytes_IsAReplyOrNone() => Fuzz.Bytes(
        [ReplyRecord.Encode(new KeptReply(403, [new("Content-Type", "text/html"), new("X-Odd", "\u00e9")], [1, 2, 3], DateTimeOffset.UnixEpoch))],
        bytes => ReplyRecord.TryDecode(bytes));

    [Fact]
    public void VersionToken_AnyText_IsAVersionOrNone() => Fuzz.Text(
        [
            VersionToken.Of(TestChunks.Version("/film", 1_000_000, 65536)),
            "65536.5.-.-", "65536.5.1700000000.InYxIg.17000000000000", "65536.5.-.-.off", "65536.9223372036854775807.-.-",
        ],
        text =>
        {
            if (VersionToken.TryRead(text, new ObjectId("/film"), 65536) is { } version)
            {
                Assert.True(version.Layout.ChunkCount >= 0);
                Assert.True(VersionToken.TryRead(version.Token, version.Id, 65536)!.IsSameVersionAs(version));
            }
        });
}
