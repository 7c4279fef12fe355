using System.Text;
using static ChunkProxy.FunctionalTests.Cluster.HonestAnswer;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member that answers rubbish costs a detour, never a wrong byte and never a read.</summary>
public sealed class GarbageTests(GarbageCluster shared) : IClassFixture<GarbageCluster>
{
    private const int ChunkSize = 64 * 1024;
    private const int Size = 60 * ChunkSize;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>Each lie by its name.</summary>
    private static Dictionary<string, Func<HonestAnswer, IEnumerable<ReadOnlyMemory<byte>>>> Lies { get; } = new()
    {
        ["no HTTP"] = _ => [Encoding.ASCII.GetBytes("What did you say?\r\n\r\n")],
        ["nothing"] = _ => [],
        ["no key"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length)), honest.Bytes],
        ["another chunk"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length), KeyField(honest.Key + "1")), new byte[honest.Bytes.Length]],
        ["another version"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length), KeyField(OfAnotherVersion(honest.Key))), new byte[honest.Bytes.Length]],
        ["shorter"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length - 1), KeyField(honest.Key)), honest.Bytes[1..]],
        ["longer"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length + 1), KeyField(honest.Key)), honest.Bytes, new byte[1]],
        ["no length"] = honest => [Head("200 OK", KeyField(honest.Key)), honest.Bytes],
        ["broken off"] = honest => [Head("200 OK", LengthField(honest.Bytes.Length), KeyField(honest.Key)), honest.Bytes[..(honest.Bytes.Length / 2)]],
        ["500"] = _ => [Head("500 Internal Server Error", LengthField(3)), "no!"u8.ToArray()],
        ["301"] = _ => [Head("301 Moved Permanently", "Location: http://127.0.0.1:1/", LengthField(0))],
        ["cannot reach the origin"] = _ => [Head("502 Bad Gateway", "Pool-Error: OriginUnreachable", LengthField(3)), "no!"u8.ToArray()],
        ["unknown failure"] = _ => [Head("502 Bad Gateway", "Pool-Error: Nonsense", LengthField(3)), "no!"u8.ToArray()],
        ["a number as failure"] = _ => [Head("502 Bad Gateway", "Pool-Error: 99", LengthField(3)), "no!"u8.ToArray()],
        ["failure without end"] = _ => Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[ChunkSize], int.MaxValue).Prepend(Head("502 Bad Gateway", "Pool-Error: OriginTimedOut")),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_AMemberAnswersGarbage_GoesRoundIt(string lie)
    {
        await using var fake = new FakeMember(shared.Honest.Id, Lies[lie]);
        var film = shared.Cluster.Origin.Add($"/{Guid.NewGuid():N}.mp4", Size);
        await shared.JoinAsync(fake, Now);

        await shared.Honest.Node.VerifyAsync(film, Now, step: Size);

        Assert.True(fake.Lies > 0);
        await shared.LeaveAsync(fake, Now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_AMemberAnswersPingsAndNothingElse_GoesRoundIt(bool beginsToAnswer)
    {
        IEnumerable<ReadOnlyMemory<byte>> Answer(HonestAnswer honest) =>
            beginsToAnswer ? [Head("200 OK", LengthField(honest.Bytes.Length), KeyField(honest.Key)), honest.Bytes[..(honest.Bytes.Length / 2)]] : [];
        await using var stuck = new FakeMember(shared.Honest.Id, Answer, standsStill: true);
        var film = shared.Cluster.Origin.Add($"/{Guid.NewGuid():N}.mp4", Size);
        await shared.JoinAsync(stuck, Now);

        await shared.Honest.Node.VerifyAsync(film, Now, step: Size);

        Assert.True(stuck.Lies > 0);
        await shared.Honest.Node.WhenLineAsync(
            line => line.Contains($"Peer {stuck.Id} failed", StringComparison.Ordinal), "the stuck member is missed", Now);
        await shared.LeaveAsync(stuck, Now);
    }

    private static string OfAnotherVersion(string key) => (key[0] == '0' ? '1' : '0') + key[1..];
}
