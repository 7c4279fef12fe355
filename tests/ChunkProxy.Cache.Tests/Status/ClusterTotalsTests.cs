using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class ClusterTotalsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_FrontEndAndMember_CountsAReadAtTheMemberThatHadIt()
    {
        // Three reads of a client: one from a near copy, two through the member, which had one in memory and fetched one from the origin.
        var frontEnd = Figures(client: 300, reads: new() { [ChunkSource.NearCopy] = 1, [ChunkSource.Peer] = 2 });
        var member = Figures(served: 200, origin: 100, servedFrom: new() { [ChunkSource.Memory] = 1, [ChunkSource.Origin] = 1 });

        var totals = ClusterTotals.Of(frontEnd) + ClusterTotals.Of(member);

        Assert.Equal((300, 100, 200), (totals.ClientBytes, totals.OriginBytes, totals.SavedBytes));
        Assert.Equal(
            [(ChunkSource.Memory, 1), (ChunkSource.NearCopy, 1), (ChunkSource.Origin, 1)],
            Enum.GetValues<ChunkSource>().Select(source => (source, totals.Reads[(int)source])).Where(read => read.Item2 > 0));
    }

    [Fact]
    public void ClientBytes_OtherFrontEndsAreUnknown_IsWhatTheMembersServed() =>
        Assert.Equal(900, (ClusterTotals.Of(Figures(client: 300)) + ClusterTotals.Of(Figures(served: 900, origin: 100))).ClientBytes);

    [Fact]
    public void Ledger_MemberRunsSinceBefore_CountsWhatItDidSince()
    {
        var ledger = new TotalsLedger(Start);
        ledger.Note("a:1", Figures(Start.AddDays(-1), origin: 5000));
        ledger.Note("a:1", Figures(Start.AddDays(-1), origin: 5030));

        Assert.Equal(30, ledger.Sum.OriginBytes);
    }

    [Fact]
    public void Ledger_MemberStartsAnew_AddsItsNewTotals()
    {
        var ledger = new TotalsLedger(Start);
        ledger.Note("a:1", Figures(Start.AddSeconds(1), origin: 100));
        ledger.Note("a:1", Figures(Start.AddSeconds(9), origin: 20));
        ledger.Note("a:1", Figures(Start.AddSeconds(9), origin: 25));

        Assert.Equal(125, ledger.Sum.OriginBytes);
    }

    private static ProcessFigures Figures(
        DateTimeOffset startedAt = default,
        long client = 0,
        long served = 0,
        long origin = 0,
        Dictionary<ChunkSource, long>? reads = null,
        Dictionary<ChunkSource, long>? servedFrom = null) =>
        new("0", startedAt, new TierFigures(1, 0), null, null, null, client, served, origin, reads ?? [], servedFrom ?? [], 0, [], []);
}
