using System.Text;
using ChunkProxy.Testing.Fuzzing;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Cache.Tests.Pool;

/// <summary>Bytes on the pool port of a real process: from strangers as they come, and from a broken member with a valid proof.</summary>
public sealed class PoolFuzzTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_AnyBytesOfAStranger_ChangeNothing()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var target = await FuzzedMember.StartAsync(origin, Stop);
        byte[][] seeds =
        [
            .. FuzzedMember.Heads(target.Version).Select(head => target.Prove(head, number: 1)), // a proof that does not fit what is sent
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(),
            [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. new byte[64]],
            Encoding.ASCII.GetBytes("POST /pool/v1/purges HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ];
        await target.BeginAsync(Stop);

        Fuzz.Bytes(seeds, target.SendRaw, isSlow: true);

        await target.CheckAsync(Stop);
        Assert.Equal(target.RequestsAtBegin, origin.Requests.Count); // nothing was purged, forgotten, warmed or looked up
    }

    [Fact]
    public async Task Request_AnyHeadWithAValidProof_IsAnsweredAndEveryByteIsRight()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var target = await FuzzedMember.StartAsync(origin, Stop);
        var number = 1_000_000L;
        await target.BeginAsync(Stop);

        Fuzz.Bytes(
            [.. FuzzedMember.Heads(target.Version).Select(Encoding.Latin1.GetBytes)],
            input =>
            {
                if (FuzzedMember.ReadOnly(Encoding.Latin1.GetString(input)) is { } head)
                {
                    target.SendProven(target.Prove(head, ++number));
                }
            },
            isSlow: true);

        await target.CheckAsync(Stop);
    }
}
