using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using CsCheck;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Purges;

public sealed class PurgeLedgerTests
{
    private static readonly ObjectId Film = new("/film");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Purge[]> SomePurges =
        Gen.Select(Gen.Int[1, 8], Gen.Long[1, 20], (id, stamp) => new Purge((Hash128)(uint)id, stamp)).Array[0, 40];

    [Fact]
    public void Hear_InAnyOrderAndTwice_LedgersAgree() => Gen.Select(SomePurges, Gen.Int).Sample((purges, seed) =>
    {
        var (one, other) = (NewLedger(), NewLedger());
        one.Add(purges);
        var shuffled = purges.Concat(purges).ToArray();
        new Random(seed).Shuffle(shuffled);
        foreach (var purge in shuffled)
        {
            other.Add([purge]);
        }

        Assert.All(Enumerable.Range(1, 8), id => Assert.Equal(one.GenerationOf((Hash128)(uint)id), other.GenerationOf((Hash128)(uint)id)));
        Assert.All(purges, purge => Assert.True(one.GenerationOf(purge.Object) >= purge.Stamp));
    });

    [Fact]
    public void After_AskedNowAndThen_OtherLedgerHearsEverything() => Gen.Select(SomePurges, Gen.Int[1, 7]).Sample((purges, step) =>
    {
        var (from, to) = (NewLedger(), NewLedger());
        var heard = 0L;
        for (var i = 0; i < purges.Length; i++)
        {
            from.Add([purges[i]]);
            if (i % step == 0)
            {
                Ask();
            }
        }

        Ask();
        Assert.All(Enumerable.Range(1, 8), id => Assert.Equal(from.GenerationOf((Hash128)(uint)id), to.GenerationOf((Hash128)(uint)id)));

        void Ask()
        {
            var (news, sequence) = from.After(heard);
            to.Add(news);
            heard = sequence;
        }
    });

    [Fact]
    public void Next_ClockBehindThePurgeBefore_IsLaterAllTheSame()
    {
        var ledger = NewLedger();
        var first = ledger.Next(Film, Noon);
        ledger.Add([first]);

        var second = ledger.Next(Film, Noon.AddHours(-1));

        Assert.True(second.Stamp > first.Stamp);
    }

    [Fact]
    public void IsPurged_VersionOfBeforeAndOfAfter_OnlyTheOneOfBefore()
    {
        var ledger = NewLedger();
        var purge = ledger.Next(Film, Noon);
        Assert.False(ledger.IsPurged(Version(Film, 0)));

        ledger.Add([purge]);

        Assert.True(ledger.IsPurged(Version(Film, 0)));
        Assert.True(ledger.IsPurged(Version(Film, purge.Stamp - 1)));
        Assert.False(ledger.IsPurged(Version(Film, purge.Stamp)));
        Assert.False(ledger.IsPurged(Version(new ObjectId("/other"), 0)));
        Assert.Equal(ProxyError.VersionChanged, Assert.Throws<ChunkReadException>(() => ledger.ThrowIfPurged(Version(Film, 0))).Error);
    }

    [Fact]
    public void Hear_MoreThanAreRemembered_ForgetsTheEarliestAndSaysUpToWhere()
    {
        var ledger = NewLedger(remembered: 16);

        for (var i = 1; i <= 100; i++)
        {
            ledger.Add([new Purge((Hash128)(uint)i, 1000 + i)]);
        }

        Assert.InRange(ledger.Count, 15, 16);
        Assert.Equal(1100 - ledger.Count, ledger.Floor);
        Assert.Equal(1100, ledger.Newest);
        Assert.Equal(ledger.Count, ledger.After(0).Purges.Count);
        Assert.All(ledger.After(0).Purges, purge => Assert.True(purge.Stamp > ledger.Floor));
    }

    [Fact]
    public async Task WhenAfter_SomethingIsHeard_Completes()
    {
        var ledger = NewLedger();
        var news = ledger.WhenAfter(ledger.Sequence);
        Assert.False(news.IsCompleted);

        ledger.Add([new Purge(1, 1)]);

        await news;
        Assert.True(ledger.WhenAfter(0).IsCompleted);
    }

    [Fact]
    public void Version_OfAnotherGeneration_HasAnotherNameAndTravelsInItsToken()
    {
        var (before, after) = (Version(Film, 0), Version(Film, 1_700_000_000_000_000));

        var read = VersionToken.TryRead(after.Token, Film, 1024);

        Assert.NotEqual(before.Hash, after.Hash);
        Assert.Equal(after.Hash, read!.Hash);
        Assert.Equal(after.Generation, read.Generation);
        Assert.Equal(4, before.Token.Split('.').Length); // as members read it that know no purges
        Assert.Null(VersionToken.TryRead(after.Token + ".1", Film, 1024));
        Assert.Null(VersionToken.TryRead(before.Token + ".x", Film, 1024));
    }

    internal static ObjectVersion Version(ObjectId id, long generation) => new(
        id,
        Validator.Of("\"v1\"", null, 5000),
        new ChunkLayout(1024, 5000),
        new OriginHeaders { ETag = "\"v1\"", GeneratedAt = Noon, FreshUntil = Noon.AddDays(1) },
        generation);

    internal static PurgeLedger NewLedger(int remembered = 1000) => new(Options.Create(new PurgeOptions { Remembered = remembered }), TimeProvider.System);
}
