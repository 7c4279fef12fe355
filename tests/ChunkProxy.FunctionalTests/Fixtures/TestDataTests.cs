using ChunkProxy.Testing.Data;
using CsCheck;

namespace ChunkProxy.FunctionalTests.Fixtures;

public sealed class TestDataTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void Fill_AnyPart_IsThatPartOfTheWhole()
    {
        var whole = TestData.Bytes(7, 0, 1000);

        Gen.Int[0, 999].Select(Gen.Int[0, 999]).Sample((from, to) =>
        {
            var (start, end) = (Math.Min(from, to), Math.Max(from, to));
            Assert.Equal(whole[start..end], TestData.Bytes(7, start, end - start));
        });
    }

    [Fact]
    public void Fill_BeyondFourGiB_DiffersFromTheStart() =>
        Assert.NotEqual(TestData.Bytes(7, 0, 64), TestData.Bytes(7, 1L << 33, 64));

    [Fact]
    public void Fill_TwoSeeds_ShareNoRunOfBytes() =>
        Assert.True(TestData.Bytes(1, 0, 1 << 20).AsSpan().IndexOf(TestData.Bytes(2, 4096, 16)) < 0);

    [Fact]
    public void Verify_OneByteFlipped_NamesIt()
    {
        var bytes = TestData.Bytes(3, 5_000, 10_000);
        bytes[6_789] ^= 1;

        var thrown = Assert.Throws<WrongBytesException>(() => TestData.Verify(3, 5_000, bytes));

        Assert.StartsWith("Byte 11789 of object 3 ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_StreamOneByteShort_Throws() =>
        await Assert.ThrowsAsync<WrongBytesException>(() => TestData.VerifyAsync(3, 0, 100_000, new TestDataStream(3, 99_999), Now));

    [Fact]
    public async Task VerifyAsync_StreamFromTheMiddle_Passes() =>
        await TestData.VerifyAsync(3, 12_345, 87_655, new TestDataStream(3, 100_000) { Position = 12_345 }, Now);
}
