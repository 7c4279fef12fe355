using ChunkProxy.Cache.Ownership;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Ownership;

public sealed class NaturalLogTests
{
    [Fact]
    public void Of_AnyDraw_WithinAFewUnitsInTheLastPlaceOfMathLog() =>
        Gen.ULong.Sample(bits =>
        {
            var draw = ((bits >> 11) | 1) * (1.0 / (1UL << 53));
            var expected = Math.Log(draw);
            Assert.InRange(NaturalLog.Of(draw), expected * (1 + 1e-15), expected * (1 - 1e-15));
        });

    [Theory]
    [InlineData(1.0 / (1UL << 53), -36.736800569677101)]
    [InlineData(0.5, -0.693147180559945309)]
    [InlineData(1 - (1.0 / (1UL << 53)), -1.1102230246251566e-16)]
    public void Of_TheEndsAndTheMiddle_Exact(double draw, double expected) => Assert.Equal(expected, NaturalLog.Of(draw));
}
