using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using CsCheck;
using static ChunkProxy.Cache.Tests.Origin.OriginRules;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>No text added to the origin's fields makes a response more shareable or longer usable.</summary>
public sealed class CachingRulesPropertyTests
{
    private static readonly CachingRules Rules = Create();

    private static readonly Gen<string> Directives = OneOf(
        "no-store", "private", "private=\"x-a, x-b\"", "no-cache", "no-cache=\"x-a\"", "public", "must-revalidate", "proxy-revalidate", "immutable", "max-age=60",
        "max-age=0", "s-maxage=30", "stale-while-revalidate=20", "stale-if-error=10", "foo", "foo=bar", "foo=\"a, b\"");

    private static readonly Gen<string> CacheControl = Directives.Array[0, 4].Select(members => string.Join(", ", members));

    // Characters that cannot form a directive: letters that spell none, quotation marks, and separators in any order.
    private static readonly Gen<string> Garbage = Gen.Char["\"\"\"\\,;= \t@x[]{}1-\x80"].Array[1, 8].Select(characters => new string(characters));

    private static readonly Gen<string[]> OtherFields = OneOf<string[]>(
        [], ["ETag: \"v1\""], [$"Expires: {At(90)}"], [$"Last-Modified: {At(-900)}"], ["ETag: \"v1\"", $"Date: {At(-5)}", "Age: 3", $"Expires: {At(40)}"]);

    [Fact]
    public void Decide_GarbageIsAddedToCacheControl_NothingIsAllowedThatWasNot() =>
        Gen.Select(CacheControl, Garbage, Garbage, OtherFields, Gen.Int[0, 3]).Sample(
            (said, before, after, others, way) =>
            {
                string[] lines = way switch
                {
                    0 => [$"Cache-Control: {before}, {said}"],
                    1 => [$"Cache-Control: {said}, {after}"],
                    2 => [$"Cache-Control: {before}", $"Cache-Control: {said}", $"Cache-Control: {after}"],
                    _ => [$"Cache-Control: {said}", $"CDN-Cache-Control: {before}"],
                };
                AssertNoMoreThan(Rules.DecideOn([$"Cache-Control: {said}", .. others]), Rules.DecideOn([.. lines, .. others]), string.Join(" | ", lines));
            },
            iter: 20_000);

    [Fact]
    public void Decide_GarbageIsAddedToATargetedField_NothingIsAllowedThatWasNot() =>
        Gen.Select(CacheControl, CacheControl, Garbage, OtherFields).Sample(
            (general, targeted, garbage, others) =>
            {
                var before = Rules.DecideOn([$"Cache-Control: {general}", $"CDN-Cache-Control: {targeted}", .. others]);
                var after = Rules.DecideOn([$"Cache-Control: {general}", $"CDN-Cache-Control: {garbage}, {targeted}", .. others]);
                AssertNoMoreThan(before, after, $"{general} | {garbage}, {targeted}");
            },
            iter: 20_000);

    [Fact]
    public void Decide_AnyAgeAndDate_AgeIsNeverNegativeNorBeyondTwoToThe31() =>
        Gen.Select(Gen.String["0123456789-+., x"], Gen.Long[-5_000_000_000, 5_000_000_000], Gen.Int[0, 100]).Sample((age, seconds, delay) =>
        {
            var decision = Rules.Decide(FieldsOf($"Age: {age}", $"Date: {At(seconds)}"), RequestFields.None, Noon, TimeSpan.FromSeconds(delay));
            Assert.InRange(Noon - decision.GeneratedAt, TimeSpan.Zero, DeltaSeconds.Maximum);
        });

    [Fact]
    public void Decide_AnyText_IsDecided() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((control, vary, expires) =>
            Assert.NotNull(Rules.DecideOn($"Cache-Control: {control}", $"CDN-Cache-Control: {vary}", $"Vary: {vary}", $"Expires: {expires}", $"Age: {expires}", $"Date: {control}")));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static void AssertNoMoreThan(CachingDecision before, CachingDecision after, string what)
    {
        Assert.True(before.Verdict is StoringVerdict.Shareable || after.Verdict is not StoringVerdict.Shareable, $"{what}: {before.Verdict} became {after.Verdict}");
        Assert.True(after.FreshUntil <= before.FreshUntil, $"{what}: fresh until {before.FreshUntil} became {after.FreshUntil}");
        Assert.True(after.StaleWhileRevalidateUntil <= before.StaleWhileRevalidateUntil, $"{what}: stale while revalidate");
        Assert.True(after.StaleIfErrorUntil <= before.StaleIfErrorUntil, $"{what}: stale if error");
        Assert.Empty(before.Withheld.Except(after.Withheld));
    }
}
