using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;

namespace ChunkProxy.Cache.Tests.Purges;

/// <summary>Purges by tag in the ledger.</summary>
public sealed class TagPurgeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectId Film = new("/film.mp4");

    [Theory]
    [InlineData("", 0)]
    [InlineData("c", 0)]
    [InlineData("a", 5)]
    [InlineData("A", 5)]
    [InlineData("b c a", 8)]
    public void GenerationOf_TaggedObject_IsTheLatestStampOfItsTags(string tags, long generation)
    {
        var ledger = PurgeLedgerTests.NewLedger();

        ledger.Add([Tag("a", 5), Tag("b", 8), Tag("a", 3)]);

        Assert.Equal(generation, ledger.GenerationOf(Film, ObjectTags.Of([tags])));
        Assert.Equal(0, ledger.GenerationOf(Film));
        Assert.Equal(generation > 0, ledger.IsPurged(Version(tags, 0)));
        Assert.False(ledger.IsPurged(Version(tags, generation)));
    }

    [Fact]
    public void IsPurged_ObjectWithMoreTagsThanAreKept_ByEachTag()
    {
        var ledger = PurgeLedgerTests.NewLedger();

        ledger.Add([Tag("none-of-these", 5)]);

        Assert.True(ledger.IsPurged(Version(string.Join(' ', Enumerable.Range(0, 500)), 4)));
    }

    [Fact]
    public void Add_GenerationOfATagPurgeThatALaterOneReplaced_IsNotKeptForEachObject()
    {
        var ledger = PurgeLedgerTests.NewLedger();
        ledger.Add([Tag("a", 5)]);
        ledger.Add([Tag("b", 6)]);
        ledger.Add([Tag("a", 7)]);

        ledger.Add(Film, 5);
        ledger.Add(new ObjectId("/other.mp4"), 6);
        ledger.Add(new ObjectId("/another.mp4"), 7);

        Assert.Equal(0, ledger.Count);
    }

    [Fact]
    public void Add_GenerationOfAKnownTagPurge_IsNotKeptForEachObject()
    {
        var ledger = PurgeLedgerTests.NewLedger();
        ledger.Add([Tag("a", 5)]);

        ledger.Add(Film, 5); // from a member's version of a tagged object
        Assert.Equal(0, ledger.Count);

        ledger.Add(Film, 6); // of a purge that is not known here
        Assert.Equal((1, 6L), (ledger.Count, ledger.GenerationOf(Film)));
    }

    [Fact]
    public void Next_ObjectAfterATag_IsAboveIt()
    {
        var ledger = PurgeLedgerTests.NewLedger();
        var ahead = ledger.Next(Tag("a", 0), Noon.AddMinutes(30), above: 0); // by a clock that is ahead
        ledger.Add([ahead]);

        var next = ledger.Next(Film, Noon);

        Assert.True(next.Stamp > ahead.Stamp);
        Assert.Equal(ahead.Stamp, ledger.GenerationAfter(new Purge(Film.Hash, 1, Film.Text)));
    }

    [Fact]
    public void Batch_OfATag_IsThePurgeAgain()
    {
        var tag = Tag("Film-1", 5);

        Assert.Equal(tag, PurgeBatch.Entry.Of(tag).ToPurge());
        Assert.Equal(tag.Object, Tag("film-1", 9).Object);
        Assert.Null((PurgeBatch.Entry.Of(tag) with { Path = "a b" }).ToPurge());
    }

    [Fact]
    public void Selection_VersionWithTags_IsCoveredByItsPurges()
    {
        var selection = new PurgeSelection([Tag("a", 5), Tag("b", 7), Purge.OfSeveral(PurgeScope.Prefix, "/film", 6)!]);
        var version = Version("a", 4);

        Assert.True(selection.Contains(Film, version.Headers.Tags, 4));
        Assert.True(selection.Contains(Film, version.Headers.Tags, 5)); // by the prefix
        Assert.False(selection.Contains(Film, version.Headers.Tags, 6));
        Assert.Equal(2, selection.PurgesOf(version).Count());
    }

    private static Purge Tag(string tag, long stamp) => Purge.OfSeveral(PurgeScope.Tag, tag, stamp)!;

    private static ObjectVersion Version(string tags, long generation) => new(
        Film,
        Validator.Of("\"x\"", null, 5000),
        new ChunkLayout(1024, 5000),
        new OriginHeaders { ETag = "\"x\"", GeneratedAt = Noon, FreshUntil = Noon, Tags = ObjectTags.Of([tags]) },
        generation);
}
