using ChunkProxy.Cache.Settings;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("2B", 2)]
    [InlineData("0", 0)]
    [InlineData("16", 16L << 20)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("64kib", 64L << 10)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("0.5", 1L << 19)]
    [InlineData(" 3 TiB ", 3L << 40)]
    [InlineData("9223372036854775807B", long.MaxValue)]
    public void TryParse_Size_IsThatManyBytes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1.5B")]
    [InlineData("64KB")]
    [InlineData("64 K")]
    [InlineData("1GiBGiB")]
    [InlineData("8388608TiB")] // 2^63 bytes: one too many
    [InlineData("99999999999999999999999999999TiB")]
    public void TryParse_NoSize_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1B")]
    [InlineData(1023, "1023B")]
    [InlineData(1536, "1536B")]
    [InlineData(1 << 20, "1MiB")]
    [InlineData(3L << 40, "3TiB")]
    public void ToString_Bytes_UsesTheLargestWholeUnit(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());

    [Fact]
    public void TryParse_OwnText_GivesTheSizeBack() =>
        Gen.Long[0, long.MaxValue].Select(Gen.Int[0, 62], (bytes, shift) => new ByteSize(bytes >> shift << shift))
            .Sample(size => ByteSize.TryParse(size.ToString(), out var parsed) && parsed == size);
}
