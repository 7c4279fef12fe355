using ChunkProxy.Cache.Chunks;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class ObjectTagsTests
{
    private static readonly ObjectId Film = new("/film.mp4");

    [Theory]
    [InlineData("film-1", "film-1")]
    [InlineData("film-1, all", "all film-1")]
    [InlineData("film-1 all", "ALL,Film-1")]
    [InlineData(" ,,film-1\tall , all", "film-1,all")]
    public void Of_SameTags_AreEqualInBothFormsAndAnyCase(string one, string other)
    {
        Assert.Equal(ObjectTags.Of([one]), ObjectTags.Of([other]));
        Assert.Equal(ObjectTags.Of([one]).Text, ObjectTags.Of(other.Split(',', ' ')).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    public void Of_NoTag_IsNone(string line) => Assert.True(ObjectTags.Of([line]).IsNone);

    [Fact]
    public void Of_TagTooLongToBePurged_IsNotKept() =>
        Assert.Equal(ObjectTags.Of(["a"]), ObjectTags.Of([$"{new string('x', ObjectTags.LongestName + 1)},a"]));

    [Fact]
    public void Of_MoreTagsThanAreKept_IsAny()
    {
        var tags = Enumerable.Range(0, ObjectTags.Most + 1).Select(i => $"tag-{i}").ToArray();

        Assert.True(ObjectTags.Of(tags).IsAny);
        Assert.False(ObjectTags.Of(tags[1..]).IsAny);
        Assert.InRange(ObjectTags.Of(tags[1..]).Text.Length, 1, ObjectTags.LongestText);
    }

    [Fact]
    public void TryRead_Text_IsTheSameTags() => Gen.Int[0, 200].Sample(count =>
    {
        var tags = ObjectTags.Of([string.Join(' ', Enumerable.Range(0, count))]);

        Assert.Equal(tags, ObjectTags.TryRead(tags.Text));
    });

    [Theory]
    [InlineData("AAA")]
    [InlineData("..")]
    [InlineData("%")]
    public void TryRead_NoTags_IsNull(string text) => Assert.Null(ObjectTags.TryRead(text));

    [Fact]
    public void TryRead_TooLong_IsNull() => Assert.Null(ObjectTags.TryRead(new string('A', ObjectTags.LongestText + 4)));

    [Theory]
    [InlineData("film-1", true)]
    [InlineData("a:b/c?d", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a,b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void IsName_OfATag(string text, bool isOne) => Assert.Equal(isOne, ObjectTags.IsName(text));

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 0)]
    [InlineData("a b c", 7)]
    public void Token_WithTags_IsTheVersionWithTheSameTags(string tags, long generation)
    {
        var version = Version(tags, generation);

        var read = VersionToken.TryRead(version.Token, Film, 1024)!;

        Assert.Equal((version.Hash, version.Headers.Tags), (read.Hash, read.Headers.Tags));
    }

    [Fact]
    public void Token_MoreTagsThanAreKept_IsReadAsAny() =>
        Assert.True(VersionToken.TryRead(Version(string.Join(' ', Enumerable.Range(0, 500)), 0).Token, Film, 1024)!.Headers.Tags.IsAny);

    [Fact]
    public void AreOfOne_OtherTags_AreOfOneVersion()
    {
        Assert.True(VersionToken.AreOfOne(Version("a", 0).Token, Version("b c", 0).Token));
        Assert.True(VersionToken.AreOfOne(Version("a", 0).Token, Version("", 0).Token));
        Assert.False(VersionToken.AreOfOne(Version("a", 0).Token, Version("a", 1).Token));
        Assert.False(VersionToken.AreOfOne("1024.5.-.tag", "1024.5.-.tab"));
    }

    private static ObjectVersion Version(string tags, long generation) => new(
        Film,
        Validator.Of("\"tag\"", null, 5000),
        new ChunkLayout(1024, 5000),
        new OriginHeaders { ETag = "\"tag\"", GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.UnixEpoch, Tags = ObjectTags.Of([tags]) },
        generation);
}
