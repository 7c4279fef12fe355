using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class TotalsLedgerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void Note_MembersComeAndGoUnderNewIds_TheLatestAreRememberedAndTheSumIsOfAll()
    {
        var ledger = new TotalsLedger(Start);
        for (var i = 0; i < 3 * TotalsLedger.Most; i++)
        {
            ledger.Note($"10.0.{i >> 8}.{i & 255}:7070", Figures(originBytes: 10));
            ledger.Note("stays:7070", Figures(originBytes: i));
        }

        Assert.Equal(TotalsLedger.Most, ledger.Members);
        Assert.Equal((10L * 3 * TotalsLedger.Most) + (3 * TotalsLedger.Most) - 1, ledger.Sum.OriginBytes);
    }

    private static ProcessFigures Figures(long originBytes) => new(
        "", Start, new TierFigures(0, 0), null, null, null, 0, 0, originBytes, new Dictionary<ChunkSource, long>(), new Dictionary<ChunkSource, long>(), 0, [], []);
}
