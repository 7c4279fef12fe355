using ChunkProxy.Cache.Security;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class ReplayWindowTests
{
    [Fact]
    public void TryAccept_NumbersInAnyOrder_EachOnce() =>
        Gen.Int[1, 2 * ReplayWindow.Size].Array[0, 300].Sample(numbers =>
        {
            var window = new ReplayWindow();
            var (accepted, highest) = (new HashSet<int>(), 0);
            foreach (var number in numbers)
            {
                var isNew = number > highest - ReplayWindow.Size && !accepted.Contains(number);
                Assert.Equal(isNew, window.TryAccept(number));
                accepted.Add(number);
                highest = Math.Max(highest, number);
            }
        });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void TryAccept_NumberThatNoSenderUses_IsRefused(long number) => Assert.False(new ReplayWindow().TryAccept(number));
}
