using ChunkProxy.Web.Http.Conditions;
using CsCheck;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Conditions;

public sealed class EntityTagsTests
{
    // The table of RFC 9110 §8.8.3.2.
    [Theory]
    [InlineData("W/\"1\"", "W/\"1\"", false, true)]
    [InlineData("W/\"1\"", "W/\"2\"", false, false)]
    [InlineData("W/\"1\"", "\"1\"", false, true)]
    [InlineData("\"1\"", "\"1\"", true, true)]
    public void Compare_TwoTags_AsTheStandardsTableSays(string left, string right, bool strongly, bool weakly)
    {
        Assert.Equal(strongly, EntityTags.AreStronglyEqual(left, right));
        Assert.Equal(strongly, EntityTags.AreStronglyEqual(right, left));
        Assert.Equal(weakly, EntityTags.AreWeaklyEqual(left, right));
        Assert.Equal(weakly, EntityTags.AreWeaklyEqual(right, left));
    }

    [Fact]
    public void Match_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["\"W/,* \tab"], 0, 30]).Sample(text => { EntityTags.Match(new StringValues(text), "\"a\"", strongly: false); });

    [Fact]
    public void Match_ListThatHasTheTag_Finds() =>
        Gen.Select(Gen.String[Gen.Char["ab/,W "], 0, 5].Where(text => !text.Contains(' ', StringComparison.Ordinal)).Array[0, 5], Gen.Int[0, 5]).Sample((others, at) =>
        {
            var tags = others.Select(text => $"\"x{text}\"").ToList();
            tags.Insert(Math.Min(at, tags.Count), "\"own\"");
            Assert.True(EntityTags.Match(new StringValues(string.Join(", ", tags)), "\"own\"", strongly: true));
            Assert.False(EntityTags.Match(new StringValues(string.Join(", ", tags)), "\"other\"", strongly: true));
        });
}
