using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class SettingTextTests
{
    public static TheoryData<string, object> Texts => new()
    {
        { "as it is ", "as it is " },
        { "", "" },
        { "http://origin.example/a%20b", new Uri("http://origin.example/a%20b") },
        { "origin.example", new Uri("origin.example", UriKind.Relative) },
        { "TRUE", true },
        { " -12 ", -12 },
        { "0.5", 0.5 },
        { "1.00:00:00.5", TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(500) },
        { "250ms", TimeSpan.FromMilliseconds(250) },
        { "64KiB", ByteSize.KiB(64) },
        { "[::1]:80", new HostPort("::1", 80) },
        { "friday", DayOfWeek.Friday },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Read_TextOfTheType_GivesItsValue(string text, object value) => Assert.Equal(value, SettingText.Read(text, value.GetType()));

    [Theory]
    [InlineData(typeof(Uri), "http://[", "a URL")]
    [InlineData(typeof(bool), "yes", "true or false")]
    [InlineData(typeof(int), "1.5", "a whole number")]
    [InlineData(typeof(int), "2147483648", "a whole number")]
    [InlineData(typeof(int), "", "a whole number")]
    [InlineData(typeof(double), "0,5x", "a number")]
    [InlineData(typeof(TimeSpan), "00:61:00", DurationText.Expected)]
    [InlineData(typeof(ByteSize), "1 TB", ByteSize.Expected)]
    [InlineData(typeof(HostPort?), "8080", HostPort.Expected)]
    [InlineData(typeof(UriKind), "other", "RelativeOrAbsolute or Absolute or Relative")]
    public void Read_OtherText_SaysWhatItIsNot(Type type, string text, string expected)
    {
        var error = Assert.Throws<FormatException>(() => SettingText.Read(text, type));

        Assert.Equal($"'{text}' is not {expected}", error.Message);
    }

    [Theory]
    [InlineData(typeof(Uri))]
    [InlineData(typeof(HostPort?))]
    public void Read_NothingWhereThereMayBeNone_GivesNull(Type type) => Assert.Null(SettingText.Read("", type));
}
