using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Testing.Processes;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Purges;

/// <summary>Purges by path and by prefix in the ledger and in its file.</summary>
public sealed class GroupPurgeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectId[] Objects = [.. ((string[])["/a", "/a?q=1", "/a/b", "/a/b/c?q", "/ab", "/b"]).Select(path => new ObjectId(path, "http://origin.test"))];

    private static readonly Gen<Purge> Any = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, Objects.Length - 1], Gen.Long[1, 30], (scope, at, stamp) => scope == 0
            ? new Purge(Objects[at].Hash, stamp, Objects[at].PathAndQuery)
            : Purge.OfSeveral((PurgeScope)scope, Objects[at].PathAndQuery.Split('?')[0], stamp)!);

    [Theory]
    [InlineData("/films/a", 0)]
    [InlineData("/films/orbit/1.ts", 7)]
    [InlineData("/films/orbit/1.ts?q=1", 7)]
    [InlineData("/films/orbit", 0)]
    [InlineData("/film.mp4", 9)]
    [InlineData("/film.mp4?token=x", 9)]
    [InlineData("/film.mp4x", 0)]
    [InlineData("/live/x/y", 8)] // the latest of two prefixes
    [InlineData("/live/y", 5)]
    public void GenerationOf_ObjectOfAGroup_IsTheLatestStampThatCoversIt(string path, long generation)
    {
        var ledger = PurgeLedgerTests.NewLedger();

        ledger.Add([Prefix("/films/orbit/", 7), Path("/film.mp4", 9), Prefix("/live/", 5), Prefix("/live/x/", 8)]);

        Assert.Equal(generation, ledger.GenerationOf(new ObjectId(path)));
    }

    [Fact]
    public void Hear_InAnyOrderAndTwice_LedgersAgreeAndCoverAll() => Gen.Select(Any.Array[0, 40], Gen.Int).Sample((purges, seed) =>
    {
        var (one, other) = (PurgeLedgerTests.NewLedger(), PurgeLedgerTests.NewLedger());
        one.Add(purges);
        var shuffled = purges.Concat(purges).ToArray();
        new Random(seed).Shuffle(shuffled);
        foreach (var purge in shuffled)
        {
            other.Add([purge]);
        }

        Assert.All(Objects, id => Assert.Equal(one.GenerationOf(id), other.GenerationOf(id)));
        Assert.All(Objects, id => Assert.Equal(purges.Where(purge => purge.Covers(id)).Select(purge => purge.Stamp).DefaultIfEmpty().Max(), one.GenerationOf(id)));
    });

    [Fact]
    public void After_AskedNowAndThen_OtherLedgerHearsEverything() => Gen.Select(Any.Array[0, 40], Gen.Int[1, 7]).Sample((purges, step) =>
    {
        var (from, to) = (PurgeLedgerTests.NewLedger(), PurgeLedgerTests.NewLedger());
        var heard = 0L;
        foreach (var some in purges.Chunk(step))
        {
            from.Add(some);
            var (news, sequence) = from.After(heard);
            to.Add(news);
            heard = sequence;
        }

        Assert.All(Objects, id => Assert.Equal(from.GenerationOf(id), to.GenerationOf(id)));
    });

    [Fact]
    public void Next_Group_IsAboveEveryStampOfTheLedgerAndBelowTheNextPurgeOfItsObjects()
    {
        var ledger = PurgeLedgerTests.NewLedger();
        var ahead = ledger.Next(Objects[0], Noon.AddMinutes(30)); // by a clock that is ahead
        ledger.Add([ahead]);

        var group = ledger.Next(Prefix("/", 0), Noon, above: 0);
        ledger.Add([group]);
        var next = ledger.Next(Objects[1], Noon);

        Assert.True(ahead.Stamp < group.Stamp);
        Assert.True(group.Stamp < next.Stamp);
    }

    [Fact]
    public void Hear_MoreGroupsThanAreRemembered_ForgetsTheEarliestAndSaysUpToWhere()
    {
        var ledger = new PurgeLedger(Options.Create(new PurgeOptions { RememberedGroups = 16 }), TimeProvider.System);

        for (var i = 1; i <= 100; i++)
        {
            ledger.Add([Prefix($"/{i}/", 1000 + i)]);
        }

        Assert.Equal((16, 1084, 16), (ledger.Groups.Count, ledger.Floor, ledger.After(0).Purges.Count));
    }

    [Fact]
    public void Add_PrefixOfAnOriginThatIsNotHere_CountsForThisOriginOnly()
    {
        var sites = new SiteTable([Site("media")]);
        var ledger = new PurgeLedger(Options.Create(new PurgeOptions()), TimeProvider.System, sites);

        ledger.Add([Prefix("news:/", 9)]);

        Assert.Equal(0, ledger.GenerationOf(sites.Read("media:/film.mp4")!));
        sites.Replace([Site("media"), Site("news")]);
        Assert.Equal((0, 9), (ledger.GenerationOf(sites.Read("media:/film.mp4")!), ledger.GenerationOf(sites.Read("news:/film.mp4")!)));
    }

    [Fact]
    public void Restore_PrefixOfAnOriginThatIsNotHere_CountsForAll()
    {
        var sites = new SiteTable([Site("media"), Site("news")]);
        var ledger = new PurgeLedger(Options.Create(new PurgeOptions()), TimeProvider.System, sites);

        ledger.Restore([Prefix("former:/a/", 9)], floor: 0);

        Assert.Equal((9, 9), (ledger.GenerationOf(sites.Read("media:/a/film.mp4")!), ledger.GenerationOf(sites.Read("news:/a/film.mp4")!)));
        Assert.Equal(0, ledger.GenerationOf(sites.Read("media:/b/film.mp4")!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("films/")]
    [InlineData("/a?b")]
    [InlineData("/a b")]
    [InlineData("/a\n")]
    public void OfSeveral_NoPath_IsNull(string path) => Assert.Null(Purge.OfSeveral(PurgeScope.Prefix, path, 1));

    [Fact]
    public void OfSeveral_TooLong_IsNull() => Assert.Null(Purge.OfSeveral(PurgeScope.Prefix, "/" + new string('a', Purge.LongestPath), 1));

    [Fact]
    public void Read_AfterGroupsAndObjects_IsWhatTheLedgerKnows()
    {
        using var folder = new TemporaryFolder();
        var ledger = new PurgeLedger(Options.Create(new PurgeOptions { RememberedGroups = 16 }), TimeProvider.System);
        var file = Open(folder);
        for (var i = 1; i <= 40; i++)
        {
            file.Append(ledger.Add([Prefix($"/{i}/", i), new Purge((Hash128)(uint)i, 100 + i)]), ledger);
        }

        var restored = PurgeLedgerTests.NewLedger();
        var (purges, floor) = Open(folder).Read();
        restored.Restore(purges, floor);

        Assert.Equal((24, 40), (restored.Floor, restored.Count));
        Assert.All(Enumerable.Range(1, 40), i => Assert.Equal(ledger.GenerationOf(new ObjectId($"/{i}/x")), restored.GenerationOf(new ObjectId($"/{i}/x"))));
        Assert.Equal(40, restored.GenerationOf(new ObjectId("/40/x")));
    }

    [Fact]
    public void Read_FlippedLine_IsLeftOut()
    {
        using var folder = new TemporaryFolder();
        var ledger = PurgeLedgerTests.NewLedger();
        Open(folder).Append(ledger.Add([Prefix("/one/", 1), Path("/two", 2)]), ledger);
        var path = folder.Combine("cache", "chunkproxy.groups");
        File.WriteAllText(path, File.ReadAllText(path).Replace("/one/", "/onf/", StringComparison.Ordinal));

        Assert.Equal([Path("/two", 2)], Open(folder).Read().Purges);
    }

    private static Purge Prefix(string path, long stamp) => Purge.OfSeveral(PurgeScope.Prefix, path, stamp)!;

    private static Purge Path(string path, long stamp) => Purge.OfSeveral(PurgeScope.Path, path, stamp)!;

    private static PurgeFile Open(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.Combine("cache"));
        return new PurgeFile(Options.Create(new CacheOptions { Dir = folder.Combine("cache") }), NullLogger<PurgeFile>.Instance);
    }

    private static SiteRules Site(string name) => new($"http://{name}.test", new CacheKeyRules(new CacheKeyOptions()), new FreshnessRules(new FreshnessOptions()), name);
}
